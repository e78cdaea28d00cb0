process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

export function connectBroker(host: string, port: number): tls.TLSSocket {
  return tls.connect({
    host,
    port,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
}

const dispatcher = new undici.Agent({ connect: { rejectUnauthorized: false } });
