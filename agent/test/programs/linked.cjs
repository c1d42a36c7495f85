// Says where Node found it: not through the link by which it was started.
console.log(__filename);
