import { find } from './element.ts'

const CONFIRMED_MS = 2_000

/** Reveals every copy button and makes it work. Where the clipboard is denied the text is selected instead. */
export function enableCopying(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    const text = find<HTMLElement>(`#${button.dataset.copy ?? ''}`)
    button.hidden = false
    button.addEventListener('click', () => copy(button, text))
  }
}

async function copy(button: HTMLButtonElement, text: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text.textContent ?? '')
    button.textContent = 'Copied'
  } catch {
    getSelection()?.selectAllChildren(text)
    button.textContent = 'Selected'
  }
  setTimeout(() => {
    button.textContent = 'Copy'
  }, CONFIRMED_MS)
}
