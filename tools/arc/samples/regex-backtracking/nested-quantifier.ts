const EMAIL =
  /^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$/;
const TAGS = /^(\s*<(\w+)(\s+\w+=".*?")*\s*>)+$/;
const TRAILING = /(\s|&nbsp;)+$/;

export function validateSignup(body: SignupBody): string[] {
  const problems: string[] = [];
  if (!EMAIL.test(body.email)) problems.push('email');
  if (TAGS.test(body.bio)) problems.push('bio');
  body.name = body.name.replace(TRAILING, '');
  return problems;
}
