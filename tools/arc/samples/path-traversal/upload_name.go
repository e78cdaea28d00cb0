package files

func (h *Handler) Upload(w http.ResponseWriter, r *http.Request) {
	body, header, err := r.FormFile("file")
	if err != nil {
		http.Error(w, "no file", http.StatusBadRequest)
		return
	}
	out, err := os.Create(h.root + "/" + header.Filename)
	if err != nil {
		http.Error(w, "cannot store", http.StatusInternalServerError)
		return
	}
	defer out.Close()
	io.Copy(out, body)
}
