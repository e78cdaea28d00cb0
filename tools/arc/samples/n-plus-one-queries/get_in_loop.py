def list_posts():
    posts = Post.objects.all()[:50]
    result = []
    for post in posts:
        author = User.objects.get(id=post.author_id)
        comments = Comment.objects.filter(post_id=post.id).count()
        result.append(
            {"title": post.title, "author": author.name, "comments": comments}
        )
    return result
