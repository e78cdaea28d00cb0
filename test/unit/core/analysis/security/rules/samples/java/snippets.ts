const imported = (names: readonly string[]) => names.map((name) => `import ${name};\n`).join('')

/** A class with these members. */
export function type(members: string, ...imports: readonly string[]): string {
  return `package shop;\n\n${imported(imports)}\nclass Service {\n${members}\n}\n`
}

/** A servlet whose `doGet` has these statements. */
export function servlet(statements: string, ...imports: readonly string[]): string {
  return `package shop;\n\nimport jakarta.servlet.http.*;\n${imported(imports)}\npublic class Page extends HttpServlet {\n  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {\n${statements}\n  }\n}\n`
}

/** A REST controller of Spring with these members. */
export function rest(members: string, ...imports: readonly string[]): string {
  return `package shop;\n\nimport org.springframework.web.bind.annotation.*;\n${imported(imports)}\n@RestController\npublic class Api {\n${members}\n}\n`
}

/** A controller of Spring that shows views. */
export function controller(members: string, ...imports: readonly string[]): string {
  return rest(members, ...imports).replace('@RestController', '@Controller')
}
