exports.name = 'cjs';
