// Vite does not rewrite the imports of what was required.
module.exports = (url) => import(url)
