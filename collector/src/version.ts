/** Version of the collector, as `package.json` has it; a test holds the two together. */
export const COLLECTOR_VERSION = '0.1.0';
