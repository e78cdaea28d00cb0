import { AI_TOOL_PATTERN, MAX_AI_TOOL_CHARACTERS } from '../limits.ts'

/** Which AI tool wrote a change, and how that is known, in words. */
export interface AiTool {
  readonly name: string
  readonly source: string
}

export const UNKNOWN_TOOL = 'unknown-v0'

/** Version 0 says that the tool is known and its version is not: trailers name models, not releases. */
const KNOWN_CO_AUTHORS: readonly (readonly [RegExp, string])[] = [
  [/<noreply@anthropic\.com>/i, 'claude-code-v0'],
  [/@cursor\.(com|sh)>/i, 'cursor-v0'],
  [/<copilot@github\.com>|\+copilot@users\.noreply\.github\.com>/i, 'github-copilot-v0'],
  [/<(codex|noreply)@openai\.com>|\bchatgpt-codex-connector\b/i, 'codex-v0'],
  [/\bgemini-(cli|code-assist)\b/i, 'gemini-cli-v0'],
  [/\bgoogle-labs-jules\b/i, 'jules-v0'],
  [/\bdevin-ai-integration\b/i, 'devin-v0'],
  [/@aider\.chat>/i, 'aider-v0'],
  [/<amp@ampcode\.com>/i, 'amp-v0'],
]

/**
 * Reads the tool from the commits' messages, newest first: an `AI-Tool: name-vX.Y` trailer says it exactly, a
 * `Co-authored-by:` of a known tool nearly so.
 *
 * @returns null when no message names one
 */
export function toolFromMessages(messages: readonly string[]): AiTool | null {
  for (const message of messages) {
    for (const value of trailers(message, 'ai-tool')) {
      if (isToolName(value)) return { name: value, source: `the commit's trailer "AI-Tool: ${value}"` }
    }
  }
  for (const message of messages) {
    for (const author of trailers(message, 'co-authored-by')) {
      const known = KNOWN_CO_AUTHORS.find(([pattern]) => pattern.test(author))
      if (known !== undefined) {
        return { name: known[1], source: `the commit's trailer "Co-authored-by: ${author}"` }
      }
    }
  }
  return null
}

export function isToolName(name: string): boolean {
  return name.length <= MAX_AI_TOOL_CHARACTERS && AI_TOOL_PATTERN.test(name)
}

function trailers(message: string, key: string): string[] {
  const pattern = new RegExp(`^${key}:[ \\t]*(.+)$`, 'gim')
  return [...message.matchAll(pattern)].map((match) => match[1]!.trim())
}
