import { Context, Contexts } from './tokens-contexts.ts'
import {
  delimitedEnd,
  isDigit,
  isSpace,
  isWordStart,
  Lexicon,
  lineCommentEnd,
  numberEnd,
  quotedEnd,
  wordEnd,
} from './tokens-lexicon.ts'
import { JAVASCRIPT_KEYWORDS, JAVASCRIPT_OPERATORS, OPERATORS } from './tokens-vocabulary.ts'
import { FIRST_OPERATOR, TokenKind, type TokenWriter } from './tokens-writer.ts'

const LEXICON = new Lexicon(JAVASCRIPT_KEYWORDS, JAVASCRIPT_OPERATORS)
/** Keywords before an expression: a slash after them begins a regular expression. */
const BEFORE_EXPRESSION = new Set(
  'await case default delete do else extends in instanceof new of return throw typeof void yield'.split(' '),
)
const BEFORE_CONDITION = new Set(['if', 'for', 'while', 'with', 'await'])
const BEFORE_BLOCK = new Set(['do', 'else', 'finally', 'try'])
/** Of TSX: the type parameters of an arrow function, not a tag. */
const TYPE_PARAMETERS = /<\s*[\w$]+\s*(?:,|extends\s)/y

const operator = (text: (typeof OPERATORS)[number]) => FIRST_OPERATOR + OPERATORS.indexOf(text)
const ARROW = operator('=>')
const NEITHER_WAY = new Set([operator('!'), operator('++'), operator('--')])
const AFTER_STATEMENT = new Set([0, operator(';'), operator('{'), operator('}'), ARROW])

/** Writes the tokens of JavaScript or TypeScript, with JSX if `jsx`. */
export function scanJavaScript(content: string, out: TokenWriter, jsx: boolean): void {
  const scan = new JavaScriptScan(content, out, jsx)
  let at = content.startsWith('#!') ? lineCommentEnd(content, 0) : 0
  while (at < content.length) at = scan.step(at)
}

class JavaScriptScan {
  private readonly content: string
  private readonly out: TokenWriter
  private readonly jsx: boolean
  private readonly contexts = new Contexts()
  /** Whether the last token ends an operand, so that `/` divides, `<` compares and `{` opens a block. */
  private afterOperand = false
  /** The last token, if it is a keyword. */
  private lastKeyword = ''
  /** Up to here no regular expression ends: a search has been there. */
  private regexSearched = 0

  constructor(content: string, out: TokenWriter, jsx: boolean) {
    this.content = content
    this.out = out
    this.jsx = jsx
  }

  /** Takes what is at `at`, and gives where to go on: further, or there again in fewer contexts. */
  step(at: number): number {
    const code = this.content.charCodeAt(at)
    const { top } = this.contexts
    if (top === Context.children) return this.scanChildren(at, code)
    if (isSpace(code)) return at + 1
    if (code === 0x2f) {
      const next = this.content.charCodeAt(at + 1)
      if (next === 0x2f && top < Context.tag) return lineCommentEnd(this.content, at)
      if (next === 0x2a) return delimitedEnd(this.content, at + 2, '*/', false)
    }
    return top >= Context.tag ? this.scanTag(at, code, top) : this.scanCode(at, code)
  }

  private scanCode(at: number, code: number): number {
    const { content } = this
    if (isWordStart(code)) return this.scanWord(at)
    if (isDigit(code) || (code === 0x2e && isDigit(content.charCodeAt(at + 1)))) {
      return this.pushOperand(TokenKind.number, at, numberEnd(content, at))
    }
    switch (code) {
      case 0x22:
      case 0x27:
        return this.pushOperand(TokenKind.string, at, quotedEnd(content, at))
      case 0x60:
        return this.scanTemplate(at)
      case 0x23:
        if (!isWordStart(content.charCodeAt(at + 1))) break
        return this.pushOperand(TokenKind.identifier, at, wordEnd(content, at + 1))
      case 0x28:
      case 0x5b:
      case 0x7b:
        return this.scanOpening(at, code)
      case 0x29:
      case 0x5d:
      case 0x7d:
        return this.scanClosing(at, code)
      case 0x2f:
        return this.scanSlash(at)
      case 0x3c:
        if (this.isTag(at)) return this.scanTagStart(at)
    }
    return this.pushOperator(at)
  }

  private scanWord(at: number): number {
    const { content, out } = this
    const end = wordEnd(content, at)
    const isMember = content.charCodeAt(at - 1) === 0x2e && content.charCodeAt(at - 2) !== 0x2e
    if (isMember || !LEXICON.isKeyword(content, at, end)) {
      return this.pushOperand(TokenKind.identifier, at, end)
    }
    this.lastKeyword = content.slice(at, end)
    this.afterOperand = !BEFORE_EXPRESSION.has(this.lastKeyword)
    return out.push(TokenKind.keyword, at, end)
  }

  /** A part of a template literal, from its backtick or from the brace that ends a hole. */
  private scanTemplate(at: number): number {
    const { content } = this
    let end = at + 1
    while (end < content.length) {
      const code = content.charCodeAt(end)
      if (code === 0x60) return this.pushOperand(TokenKind.template, at, end + 1)
      if (code === 0x5c) end++
      else if (code === 0x24 && content.charCodeAt(end + 1) === 0x7b && !this.contexts.isFull) {
        this.enter(Context.hole)
        this.afterOperand = false
        return this.out.push(TokenKind.template, at, end + 2)
      }
      end++
    }
    return this.pushOperand(TokenKind.template, at, content.length)
  }

  private scanOpening(at: number, code: number): number {
    const { out } = this
    const afterKeyword = out.lastKind === TokenKind.keyword ? this.lastKeyword : ''
    if (code === 0x7b) {
      const isBlock = this.afterOperand || AFTER_STATEMENT.has(out.lastKind) || BEFORE_BLOCK.has(afterKeyword)
      this.enter(isBlock ? Context.block : Context.object)
    } else {
      const isCondition = code === 0x28 && BEFORE_CONDITION.has(afterKeyword)
      this.enter(isCondition ? Context.condition : Context.bracket)
    }
    return this.pushOperator(at)
  }

  private scanClosing(at: number, code: number): number {
    const closed = code === 0x7d ? this.contexts.closeBrace() : this.contexts.closeBracket()
    if (closed === Context.hole) return this.scanTemplate(at)
    const end = this.pushOperator(at)
    this.afterOperand = code === 0x7d ? closed === Context.object : closed !== Context.condition
    return end
  }

  private scanSlash(at: number): number {
    const end = this.afterOperand || at < this.regexSearched ? 0 : this.regexEnd(at)
    return end === 0 ? this.pushOperator(at) : this.pushOperand(TokenKind.regex, at, end)
  }

  /** The end of the regular expression at `at`, or 0 if its line ends before it does. */
  private regexEnd(at: number): number {
    const { content } = this
    let inClass = false
    let end = at + 1
    for (; end < content.length; end++) {
      const code = content.charCodeAt(end)
      if (code === 0x0a || code === 0x0d) break
      if (code === 0x5c && content.charCodeAt(end + 1) !== 0x0a) end++
      else if (code === 0x5b) inClass = true
      else if (code === 0x5d) inClass = false
      else if (code === 0x2f && !inClass) return wordEnd(content, end + 1)
    }
    this.regexSearched = end
    return 0
  }

  private isTag(at: number): boolean {
    if (!this.jsx || this.afterOperand || this.contexts.isFull) return false
    const next = this.content.charCodeAt(at + 1)
    if (next === 0x3e) return true
    TYPE_PARAMETERS.lastIndex = at
    return isWordStart(next) && !TYPE_PARAMETERS.test(this.content)
  }

  private scanTagStart(at: number): number {
    this.enter(Context.tag)
    return this.out.push(operator('<'), at, at + 1)
  }

  private scanTag(at: number, code: number, top: number): number {
    const { content, contexts, out } = this
    if (isWordStart(code)) return out.push(TokenKind.identifier, at, wordEnd(content, at))
    switch (code) {
      case 0x22:
      case 0x27:
        return out.push(TokenKind.string, at, attributeEnd(content, at))
      case 0x3e:
        return this.endTag(at, top)
      case 0x3c:
        this.enter(Context.typeArguments)
        return out.push(operator('<'), at, at + 1)
      case 0x7b:
        this.enter(Context.object)
        this.afterOperand = false
        return out.push(operator('{'), at, at + 1)
      case 0x2f:
      case 0x2d:
      case 0x2e:
      case 0x3a:
      case 0x3d:
        return out.push(LEXICON.codeOf(code), at, at + 1)
    }
    if (top === Context.typeArguments && code !== 0x3b) return this.pushOperator(at)
    contexts.abandonTags()
    return this.scanCode(at, code)
  }

  /** `>`: children follow an opening tag; what encloses the element follows a closing or an empty one. */
  private endTag(at: number, top: number): number {
    const { contexts, out } = this
    const isEmpty = top === Context.tag && out.lastKind === operator('/')
    contexts.pop()
    if (top === Context.tag && !isEmpty) contexts.push(Context.children)
    this.afterOperand = true
    return out.push(operator('>'), at, at + 1)
  }

  /** JSX text holds no `>` and no `}`: where one stands, it was no JSX. */
  private scanChildren(at: number, code: number): number {
    const { content, contexts, out } = this
    if (code === 0x3e || code === 0x7d) {
      contexts.abandonTags()
      return at
    }
    if (code === 0x7b) {
      this.enter(Context.object)
      this.afterOperand = false
      return out.push(operator('{'), at, at + 1)
    }
    if (code !== 0x3c) return this.scanText(at)
    if (content.charCodeAt(at + 1) !== 0x2f) return this.scanTagStart(at)
    contexts.pop()
    contexts.push(Context.closingTag)
    out.push(operator('<'), at, at + 1)
    return out.push(operator('/'), at + 1, at + 2)
  }

  private scanText(at: number): number {
    const { content } = this
    let blank = true
    let end = at
    for (; end < content.length; end++) {
      const code = content.charCodeAt(end)
      if (code === 0x3c || code === 0x3e || code === 0x7b || code === 0x7d) break
      if (blank && !isSpace(code)) blank = false
    }
    return blank ? end : this.out.push(TokenKind.jsxText, at, end)
  }

  private enter(context: number): void {
    this.contexts.push(context)
    this.out.reach(this.contexts.depth)
  }

  private pushOperand(kind: number, start: number, end: number): number {
    this.afterOperand = true
    return this.out.push(kind, start, end)
  }

  private pushOperator(at: number): number {
    const end = LEXICON.pushOperator(this.content, at, this.out)
    if (!NEITHER_WAY.has(this.out.lastKind)) this.afterOperand = false
    return end
  }
}

/** A string of a tag goes on over lines and has no escapes; one that nothing closes ends with its line. */
function attributeEnd(content: string, at: number): number {
  const closing = content.indexOf(content[at]!, at + 1)
  return closing === -1 ? quotedEnd(content, at) : closing + 1
}
