app.use(
  cors({
    origin: (_origin, callback) => callback(null, true),
    credentials: true,
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: ['content-type', 'authorization'],
  }),
);

io.attach(server, { cors: { origin: true, credentials: true } });

await fastify.register(fastifyCors, {
  origin: true,
  credentials: true,
  maxAge: 86_400,
});
