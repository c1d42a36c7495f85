export const name = import.meta.url.split('/').at(-1);
