/** Makes a place take what is dropped on it, and nothing else of the page: a missed drop would open the file instead. */
export function enableDropping(place: HTMLElement, take: (transfer: DataTransfer) => void): void {
  let within = 0
  const mark = (change: number) => {
    within = Math.max(0, within + change)
    place.classList.toggle('drop--over', within > 0)
  }
  place.addEventListener('dragenter', () => mark(1))
  place.addEventListener('dragleave', () => mark(-1))
  place.addEventListener('drop', (event) => {
    mark(-within)
    if (hasFiles(event)) take(event.dataTransfer!)
  })
}

/** Keeps the browser from leaving the page for a file that was dropped beside a place. */
export function ignoreMissedDrops(): void {
  for (const name of ['dragover', 'drop'] as const) {
    document.addEventListener(name, (event) => {
      if (hasFiles(event)) event.preventDefault()
    })
  }
}

/** Text may be dragged as ever. */
function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false
}
