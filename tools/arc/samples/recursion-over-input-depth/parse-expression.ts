export function parseFilter(tokens: string[]): Filter {
  const token = tokens.shift();
  if (token === '(') {
    const left = parseFilter(tokens);
    const operator = tokens.shift();
    const right = parseFilter(tokens);
    if (tokens.shift() !== ')') throw new SyntaxError('expected )');
    return { type: 'group', operator, left, right };
  }
  if (token === 'not') {
    return { type: 'not', inner: parseFilter(tokens) };
  }
  return { type: 'term', value: token };
}
