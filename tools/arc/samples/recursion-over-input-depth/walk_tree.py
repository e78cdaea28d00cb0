def redact(node):
    if isinstance(node, dict):
        return {
            key: "***" if key in SENSITIVE else redact(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [redact(item) for item in node]
    return node


def render_comment(comment):
    replies = "".join(render_comment(reply) for reply in comment["replies"])
    return f"<li>{escape(comment['text'])}<ul>{replies}</ul></li>"


@app.post("/comments/preview")
def preview():
    return render_comment(redact(request.get_json()))
