package notify

func Send(message Message) error {
	payload, err := json.Marshal(message)
	if err != nil {
		return err
	}
	client := &http.Client{}
	req, err := http.NewRequest("POST", endpoint, bytes.NewReader(payload))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return checkStatus(resp)
}
