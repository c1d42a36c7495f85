exports.name = 'part';
exports.list = require('./list.json');
