import type { RuleSamples } from '../../rule-samples.ts'

export const TRANSPORT_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-tls-unverified': {
    positive: [
      'const agent = new https.Agent({ rejectUnauthorized: false })',
      "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'",
      "process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = 0",
      "const pool = new Pool({ connectionString, ssl: { 'rejectUnauthorized': false } })",
      'tls.connect({ host, checkServerIdentity: () => undefined })',
      'request({ url, strictSSL: false })',
      'options.rejectUnauthorized = false',
    ],
    negative: [
      'const agent = new https.Agent({ rejectUnauthorized: true, ca })',
      "const agent = new https.Agent({ ca: fs.readFileSync('ca.pem') })",
      "const strict = process.env.NODE_TLS_REJECT_UNAUTHORIZED !== '0'",
      "tls.connect({ host, checkServerIdentity: (name, cert) => {\n  if (cert.fingerprint256 !== PINNED) return new Error('pin')\n  return tls.checkServerIdentity(name, cert)\n} })",
      'const options = { rejectUnauthorized: config.verify }',
    ],
  },
  'js-old-tls': {
    positive: [
      "https.createServer({ key, cert, secureProtocol: 'TLSv1_method' })",
      "tls.connect({ host, minVersion: 'TLSv1' })",
      "tls.DEFAULT_MIN_VERSION = 'TLSv1.1'",
      "https.request({ host, secureProtocol: 'SSLv3_client_method' })",
    ],
    negative: [
      "https.createServer({ key, cert, minVersion: 'TLSv1.2' })",
      "tls.DEFAULT_MIN_VERSION = 'TLSv1.3'",
      "https.createServer({ secureProtocol: 'TLS_method' })",
      "const supported = { minVersion: '1.0.0' }",
    ],
  },
  'js-xml-entities': {
    positive: [
      'const doc = libxmljs.parseXml(text, { noent: true })',
      'const doc = libxml.parseXmlString(req.body, { dtdload: true, nonet: false })',
      'const doc = libxml.XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_NOENT })',
    ],
    negative: [
      'const doc = libxmljs.parseXml(text)',
      'const doc = libxmljs.parseXml(text, { noent: false, nonet: true })',
      'const parser = new XMLParser({ ignoreAttributes: false })\nparser.parse(text)',
    ],
  },
  'js-electron-isolation': {
    positive: [
      'new BrowserWindow({ webPreferences: { nodeIntegration: true } })',
      'new BrowserWindow({ webPreferences: { contextIsolation: false, preload } })',
      'const webPreferences = { webSecurity: false }',
    ],
    negative: [
      'new BrowserWindow({ webPreferences: { nodeIntegration: false, contextIsolation: true } })',
      'new BrowserWindow({ webPreferences: { webSecurity: true, preload } })',
      'const isolated = preferences.contextIsolation === false',
    ],
  },
  'js-debug-mode': {
    positive: [
      "const errorhandler = require('errorhandler')\napp.use(errorhandler())",
      'const server = new ApolloServer({ schema, introspection: true })',
      "import inspector from 'node:inspector'\ninspector.open(9229, '0.0.0.0')",
      "spawn('node', ['--inspect=0.0.0.0:9229', 'server.js'])",
    ],
    negative: [
      "const errorhandler = require('errorhandler')\nif (process.env.NODE_ENV === 'development') {\n  app.use(errorhandler())\n}",
      "const server = new ApolloServer({ schema, introspection: process.env.NODE_ENV !== 'production' })",
      "import inspector from 'node:inspector'\ninspector.open(9229, '127.0.0.1')",
      "app.use(errorHandler())\napp.use('/graphql', yoga({ graphiql: false }))",
    ],
  },
}
