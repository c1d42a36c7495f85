'use strict';
/** Sends a text to LISTENER_PORT through the native add-on that ADDON names, and says how it went. */
const { sendText } = require(process.env.ADDON);

const sent = sendText(Number(process.env.LISTENER_PORT), 'through native code');
console.log(`sent ${sent}`);
