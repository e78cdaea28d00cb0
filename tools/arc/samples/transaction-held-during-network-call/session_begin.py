def publish_article(Session, article_id):
    with Session.begin() as session:
        article = session.get(Article, article_id, with_for_update=True)
        summary = httpx.post(
            f"{SUMMARY_URL}/summaries", json={"text": article.text}, timeout=60
        ).json()["summary"]
        article.summary = summary
        s3.upload_file(article.cover_path, BUCKET, f"covers/{article.id}")
        article.cover_key = f"covers/{article.id}"
        article.published = True
