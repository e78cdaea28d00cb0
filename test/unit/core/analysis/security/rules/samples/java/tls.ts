import type { RuleSamples } from '../../rule-samples.ts'
import { type } from './snippets.ts'

export const TLS_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'java-tls-trust-all': {
    positive: [
      type(
        'TrustManager[] all = { new X509TrustManager() {\n  public void checkClientTrusted(X509Certificate[] c, String t) {}\n  public void checkServerTrusted(X509Certificate[] c, String t) {}\n  public X509Certificate[] getAcceptedIssuers() { return null; }\n} };',
      ),
      type(
        'static class Trusting implements X509TrustManager {\n  @Override public void checkServerTrusted(X509Certificate[] chain, String type) {\n    // trusted\n    return;\n  }\n}',
      ),
      type(
        'SSLContext open() throws Exception { return SSLContexts.custom().loadTrustMaterial(null, (chain, type) -> true).build(); }',
      ),
      type(
        'SslContext open() throws Exception { return SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE).build(); }',
      ),
    ],
    negative: [
      type(
        'static class Pinned implements X509TrustManager {\n  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {\n    if (!pin.equals(fingerprint(chain[0]))) throw new CertificateException();\n  }\n}',
      ),
      type(
        'static class Ours implements X509TrustManager {\n  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException { parent.checkServerTrusted(chain, type); }\n}',
      ),
      type(
        'SSLContext open(KeyStore store) throws Exception { return SSLContexts.custom().loadTrustMaterial(store, null).build(); }',
      ),
    ],
  },
  'java-host-name-not-verified': {
    positive: [
      type(
        'void open(HttpsURLConnection connection) { connection.setHostnameVerifier((host, session) -> true); }',
      ),
      type(
        'static class Any implements HostnameVerifier {\n  public boolean verify(String host, SSLSession session) { return true; }\n}',
      ),
      type(
        'CloseableHttpClient open() { return HttpClients.custom().setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE).build(); }',
      ),
      type('HostnameVerifier any = (host, session) -> { return true; };'),
    ],
    negative: [
      type(
        'void open(HttpsURLConnection connection) { connection.setHostnameVerifier((host, session) -> host.equals(expected)); }',
      ),
      type(
        'static class One implements HostnameVerifier {\n  public boolean verify(String host, SSLSession session) { return host.endsWith(".example.com"); }\n}',
      ),
      type(
        'CloseableHttpClient open() { return HttpClients.custom().setSSLHostnameVerifier(new DefaultHostnameVerifier()).build(); }\nPredicate<String> any = x -> true;',
      ),
      type('boolean verify(String text, Signature s) { return true; }\nHostnameVerifier none;'),
    ],
  },
  'java-tls-old-version': {
    positive: [
      type('SSLContext open() throws Exception { return SSLContext.getInstance("SSLv3"); }'),
      type(
        'void open(SSLSocket socket) { socket.setEnabledProtocols(new String[] { "TLSv1", "TLSv1.2" }); }',
      ),
      type('static { System.setProperty("https.protocols", "TLSv1,TLSv1.1"); }\nString old = "TLSv1";'),
    ],
    negative: [
      type(
        'SSLContext open() throws Exception { return SSLContext.getInstance("TLSv1.3"); }\nString old = "TLSv1";',
      ),
      type(
        'void open(SSLSocket socket) { socket.setEnabledProtocols(new String[] { "TLSv1.2", "TLSv1.3" }); }\nString old = "SSL";',
      ),
      type('boolean isOld(String name) { return name.equals("SSLv3") || name.equals("TLSv1.1"); }'),
    ],
  },
}
