import type { RuleSamples } from '../../rule-samples.ts'
import { gin, handler, source } from './snippets.ts'

export const FILE_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'go-path-from-input': {
    positive: [
      handler(
        'name := r.URL.Query().Get("file")\ndata, err := os.ReadFile(filepath.Join("/data", name))',
        'os',
        'path/filepath',
      ),
      handler('http.ServeFile(w, r, "./static/"+r.FormValue("page"))'),
      gin('c.File("/uploads/" + c.Param("name"))'),
      source(
        `func download(c echo.Context) error {
	path := fmt.Sprintf("%s/%s", root, c.QueryParam("path"))
	f, err := os.Open(filepath.Clean(path))
	return err
}`,
        'fmt',
        'github.com/labstack/echo/v4',
        'os',
        'path/filepath',
      ),
      source(
        `func routes(m chi.Router) {
	m.Delete("/{name}", func(w http.ResponseWriter, r *http.Request) {
		os.Remove("uploads/" + chi.URLParam(r, "name"))
	})
}`,
        'github.com/go-chi/chi/v5',
        'net/http',
        'os',
      ),
      source(
        `func show(w http.ResponseWriter, r *http.Request) { load(r.PathValue("id")) }
func load(id string) ([]byte, error) { return os.ReadFile("notes/" + id + ".md") }`,
        'net/http',
        'os',
      ),
      handler(
        'name := r.FormValue("name")\nif !strings.HasSuffix(name, ".pdf") {\n\treturn\n}\nos.Open("files/" + name)',
        'os',
        'strings',
      ),
    ],
    negative: [
      handler(
        'name := filepath.Base(r.FormValue("file"))\nos.Open(filepath.Join("/data", name))',
        'os',
        'path/filepath',
      ),
      handler(
        `path := filepath.Join(root, r.FormValue("file"))
if !strings.HasPrefix(path, root+"/") {
	http.Error(w, "no", 400)
	return
}
os.Open(path)`,
        'os',
        'path/filepath',
        'strings',
      ),
      handler(
        'name := r.FormValue("file")\nif !filepath.IsLocal(name) {\n\treturn\n}\nos.ReadFile(filepath.Join(root, name))',
        'os',
        'path/filepath',
      ),
      source('func load(path string) ([]byte, error) { return os.ReadFile(path) }', 'net/http', 'os'),
      handler(
        'id, err := strconv.Atoi(r.FormValue("id"))\nos.Open(fmt.Sprintf("/data/%d.json", id))',
        'fmt',
        'os',
        'strconv',
      ),
      handler('root, err := os.OpenRoot("/data")\nf, err := root.Open(r.FormValue("file"))', 'os'),
      handler('name := path.Clean("/" + r.URL.Path)\nos.Open(root + name)', 'os', 'path'),
      handler('pages := map[string]string{"a": "a.html"}\nhttp.ServeFile(w, r, pages[r.FormValue("page")])'),
      handler(
        `path := filepath.Join(root, r.FormValue("file"))
relative, err := filepath.Rel(root, path)
if err != nil || strings.HasPrefix(relative, "..") {
	return
}
os.Open(path)`,
        'os',
        'path/filepath',
        'strings',
      ),
    ],
  },
  'go-zip-slip': {
    positive: [
      source(
        `func unzip(archive *zip.ReadCloser, folder string) error {
	for _, file := range archive.File {
		out, err := os.Create(filepath.Join(folder, file.Name))
	}
	return nil
}`,
        'archive/zip',
        'os',
        'path/filepath',
      ),
      source(
        `func untar(archive *tar.Reader) {
	for {
		header, err := archive.Next()
		target := "/srv/" + header.Name
		os.MkdirAll(target, 0750)
	}
}`,
        'archive/tar',
        'os',
      ),
      source(
        `func write(entry *zip.File, folder string) error {
	path := filepath.Join(folder, entry.Name)
	return os.WriteFile(path, nil, 0600)
}`,
        'archive/zip',
        'os',
        'path/filepath',
      ),
    ],
    negative: [
      source(
        `func unzip(archive *zip.ReadCloser, folder string) error {
	for _, file := range archive.File {
		path := filepath.Join(folder, file.Name)
		if !strings.HasPrefix(path, filepath.Clean(folder)+"/") {
			return errBad
		}
		os.Create(path)
	}
	return nil
}`,
        'archive/zip',
        'os',
        'path/filepath',
        'strings',
      ),
      source(
        `func untar(archive *tar.Reader) {
	header, err := archive.Next()
	if !filepath.IsLocal(header.Name) {
		return
	}
	os.Create(filepath.Join("out", header.Name))
}`,
        'archive/tar',
        'os',
        'path/filepath',
      ),
      source(
        `func save(user User, archive *zip.Writer) { os.Create(filepath.Join("out", user.Name)) }`,
        'archive/zip',
        'os',
        'path/filepath',
      ),
    ],
  },
  'go-predictable-temporary-file': {
    positive: [
      source('func dump(data []byte) { os.WriteFile("/tmp/report.json", data, 0600) }', 'os'),
      source(
        'func open() { path := filepath.Join(os.TempDir(), "app.lock")\n\tos.Create(path) }',
        'os',
        'path/filepath',
      ),
      source(
        'const log = "/tmp/install.log"\nfunc open() { os.OpenFile(log, os.O_CREATE|os.O_WRONLY, 0600) }',
        'os',
      ),
    ],
    negative: [
      source('func dump() { f, err := os.CreateTemp("", "report-*.json") }', 'os'),
      source(
        'func read() { os.ReadFile("/tmp/report.json")\n\tos.Create("/var/lib/app/report.json") }',
        'os',
      ),
      source('func open() { os.OpenFile("/tmp/app.lock", os.O_CREATE|os.O_EXCL, 0600) }', 'os'),
      source(
        'func dump(data []byte) { os.WriteFile("/tmp/"+uuid.NewString(), data, 0600) }',
        'github.com/google/uuid',
        'os',
      ),
    ],
  },
  'go-permissive-file-mode': {
    positive: [
      source('func open(path string) { os.Chmod(path, 0777) }', 'os'),
      source('func write(key []byte) { os.WriteFile("server.key", key, 0o666) }', 'os'),
      source('const mode = 0777\nfunc make() { os.MkdirAll("/var/lib/app", os.FileMode(mode)) }', 'os'),
      source('func prepare() { syscall.Umask(0) }', 'syscall'),
    ],
    negative: [
      source('func write(key []byte) { os.WriteFile("server.key", key, 0600) }', 'os'),
      source('func make() { os.MkdirAll("/var/lib/app", 0o755)\n\tos.Chmod("run.sh", 0755) }', 'os'),
      source('func open(path string, mode os.FileMode) { os.OpenFile(path, os.O_RDONLY, mode) }', 'os'),
      source('func send(c Client) { c.WriteFile("a", nil, 0777) }', 'os'),
    ],
  },
}
