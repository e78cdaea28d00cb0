def notify_followers(post):
    followers = Follower.objects.filter(author=post.author)
    with ThreadPoolExecutor(max_workers=len(followers)) as pool:
        for follower in followers:
            pool.submit(push.send, follower.device, post.title)


def thumbnail_all(paths):
    with ThreadPoolExecutor(max_workers=len(paths)) as pool:
        return list(pool.map(make_thumbnail, paths))
