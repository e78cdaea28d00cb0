package files

func (h *Handler) Download(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	file, err := os.Open(filepath.Join(h.root, name))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer file.Close()
	io.Copy(w, file)
}
