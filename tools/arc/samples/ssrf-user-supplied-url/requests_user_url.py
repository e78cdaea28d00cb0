@app.post("/preview")
def preview():
    url = request.get_json()["url"]
    response = requests.get(url, timeout=5, allow_redirects=True)
    soup = BeautifulSoup(response.text, "html.parser")
    return {"title": soup.title.string}
