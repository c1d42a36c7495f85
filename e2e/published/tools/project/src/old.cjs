exports.twice = function twice(number) {
  var doubled = number * 2;
  return doubled;
};
