app.use((error: Error, req: Request, res: Response, _next: NextFunction) => {
  console.error(error);
  res.status(500).json({
    error: error.message,
    stack: error.stack,
    path: req.originalUrl,
  });
});
