export function cacheResponses(ttlSeconds: number): RequestHandler {
  return async (req, res, next) => {
    const key = `http:${req.originalUrl}`;
    const hit = await redis.get(key);
    if (hit !== null) {
      return res.json(JSON.parse(hit));
    }
    const send = res.json.bind(res);
    res.json = (body) => {
      void redis.setex(key, ttlSeconds, JSON.stringify(body));
      return send(body);
    };
    next();
  };
}
