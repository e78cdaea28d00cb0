declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import('../../workers/edge/index.ts')
  }
}
