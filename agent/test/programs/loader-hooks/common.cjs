exports.common = __filename.length > 0;
exports.part = require('../cjs-part.cjs');
