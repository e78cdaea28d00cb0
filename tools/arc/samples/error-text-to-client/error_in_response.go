package api

func (h *Handler) Get(w http.ResponseWriter, r *http.Request) {
	order, err := h.store.Find(r.Context(), r.PathValue("id"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if err := json.NewEncoder(w).Encode(order); err != nil {
		http.Error(w, fmt.Sprintf("%+v", err), http.StatusInternalServerError)
	}
}
