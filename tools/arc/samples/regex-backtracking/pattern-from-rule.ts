export function matchesRule(
  rule: Rule,
  headers: Record<string, string>,
): boolean {
  return Object.entries(rule.headers).every(([name, expression]) =>
    new RegExp(expression).test(headers[name] ?? ''),
  );
}
