/** ASCII: what rules name is. */
const ALPHABET = 128

/**
 * Which of many words occur in a text, in one pass over it (Aho & Corasick, "Efficient string matching", 1975). To look
 * for each of some hundred words by itself takes longer than to parse the text.
 */
export class WordFinder {
  readonly #words: readonly string[]
  /** The next state by state and character: that of the longest suffix which begins some word. */
  readonly #next: Uint16Array
  /** The word that ends in a state, and the states of shorter ones that end there too; −1 for none. */
  readonly #word: Int16Array
  readonly #shorter: Int16Array

  /** @throws {RangeError} for an empty word, one with other characters than ASCII, or too many */
  constructor(words: Iterable<string>) {
    this.#words = [...new Set(words)]
    const states = 1 + this.#words.reduce((sum, word) => sum + word.length, 0)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is meant
    if (states > 0x7fff || this.#words.some((word) => !/^[\x00-\x7f]+$/.test(word))) {
      throw new RangeError('words must be ASCII, and fewer')
    }
    this.#next = new Uint16Array(states * ALPHABET)
    this.#word = new Int16Array(states).fill(-1)
    this.#shorter = new Int16Array(states).fill(-1)
    this.#link(this.#plant())
  }

  find(text: string): Set<string> {
    const found = new Set<string>()
    const seen = new Uint8Array(this.#words.length)
    let state = 0
    for (let at = 0; at < text.length; at++) {
      const character = text.charCodeAt(at)
      state = character < ALPHABET ? this.#next[state * ALPHABET + character]! : 0
      for (let ending = this.#ending(state); ending !== -1; ending = this.#shorter[ending]!) {
        const word = this.#word[ending]!
        if (seen[word] === 1) continue
        seen[word] = 1
        found.add(this.#words[word]!)
      }
    }
    return found
  }

  #ending(state: number): number {
    return this.#word[state] === -1 ? this.#shorter[state]! : state
  }

  /** The words as a tree. @returns its states, those nearer to the root first */
  #plant(): { state: number; parent: number; character: number }[] {
    const planted: { state: number; parent: number; character: number; depth: number }[] = []
    this.#words.forEach((word, index) => {
      let state = 0
      for (let depth = 0; depth < word.length; depth++) {
        const character = word.charCodeAt(depth)
        const place = state * ALPHABET + character
        if (this.#next[place] === 0) {
          planted.push({ state: planted.length + 1, parent: state, character, depth })
          this.#next[place] = planted.length
        }
        state = this.#next[place]!
      }
      this.#word[state] = index
    })
    return planted.sort((a, b) => a.depth - b.depth)
  }

  /** Makes of the tree an automaton: where a state has no child, its longest suffix's is taken. */
  #link(planted: readonly { state: number; parent: number; character: number }[]): void {
    const suffix = new Uint16Array(this.#word.length)
    const next = this.#next
    for (const { state, parent, character } of planted) {
      const longest = parent === 0 ? 0 : next[suffix[parent]! * ALPHABET + character]!
      suffix[state] = longest
      this.#shorter[state] = this.#ending(longest)
      for (let i = 0; i < ALPHABET; i++) {
        const place = state * ALPHABET + i
        if (next[place] === 0) next[place] = next[longest * ALPHABET + i]!
      }
    }
  }
}
