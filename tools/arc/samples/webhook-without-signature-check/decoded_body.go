package hooks

func (h *Handler) Payment(w http.ResponseWriter, r *http.Request) {
	var event Event
	if err := json.NewDecoder(r.Body).Decode(&event); err != nil {
		http.Error(w, "bad event", http.StatusBadRequest)
		return
	}
	switch event.Type {
	case "payment.succeeded":
		h.orders.SetState(r.Context(), event.OrderID, "paid")
	case "payment.refunded":
		h.orders.SetState(r.Context(), event.OrderID, "refunded")
	}
	w.WriteHeader(http.StatusOK)
}
