/**
 * `/docs`, before the API reference loads: its copy of zod would otherwise try `new Function` to see whether it
 * may, which the page's policy refuses and reports.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } })
