@router.post("/hooks/repository")
async def repository_hook(request: Request):
    body = await request.body()
    signature = request.headers.get("X-Hub-Signature-256")
    if signature and settings.webhook_secret:
        check_signature(body, signature, settings.webhook_secret)
    event = json.loads(body)
    if event["ref"] == "refs/heads/main":
        await deploy.start(event["repository"]["full_name"], event["after"])
    return Response(status_code=204)
