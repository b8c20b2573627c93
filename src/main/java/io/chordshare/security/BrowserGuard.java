package io.chordshare.security;

import io.chordshare.problem.ProblemJson;
import io.chordshare.problem.ProblemType;
import io.chordshare.runtime.NodeAddress;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Prevents web pages from using a node through a browser on the same machine. Listening on loopback does not protect
 * from that.
 * <ul>
 * <li>The requested host must be known, else {@code 421}. Otherwise a page could point its own DNS name at 127.0.0.1
 * and then read everything as its own origin. Health requests are allowed for every host, because Kubernetes and load
 * balancers probe by IP address.</li>
 * <li>A request that changes something must not come from a foreign page, else {@code 403}. A page can send forms
 * anywhere.</li>
 * <li>CORS is never allowed: the preflight of a foreign page gets {@code 403} too.</li>
 * </ul>
 */
final class BrowserGuard extends OncePerRequestFilter implements Ordered {

    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final Set<String> HEALTH_METHODS = Set.of("GET", "HEAD");
    private static final String SEC_FETCH_SITE = "Sec-Fetch-Site";

    private final Supplier<Optional<String>> advertisedAddress;
    private final Set<String> allowedHosts;
    private final Pattern healthPath;
    private final TrustedProxies proxies;

    /**
     * @param advertisedAddress this node's address for peers, {@code http://host:port}; read for each request, because
     *                          it may be unknown until the port is open
     * @param allowedHosts further host names of this node
     * @param healthEndpoint path of the health endpoint, such as {@code /actuator/health}
     * @param trustedProxies addresses or networks of proxies whose forwarded headers are trusted
     */
    BrowserGuard(Supplier<Optional<String>> advertisedAddress, List<String> allowedHosts, String healthEndpoint,
                        List<String> trustedProxies) {
        this.proxies = new TrustedProxies(trustedProxies);
        // Compared with the URI as sent: nothing in it may later be decoded or normalized into another path
        this.healthPath = Pattern.compile(Pattern.quote(healthEndpoint) + "(/[A-Za-z][A-Za-z0-9-]*)*");
        this.advertisedAddress = advertisedAddress;
        this.allowedHosts = allowedHosts.stream().map(BrowserGuard::hostOf).collect(Collectors.toUnmodifiableSet());
    }

    private static String hostOf(String setting) {
        return Authority.parseAddress(setting)
                .orElseThrow(() -> new IllegalArgumentException(
                        "chordshare.security.allowed-hosts: \"" + setting + "\" is not a host"))
                .host();
    }

    /** Before all other filters: nothing may read a request that will be refused. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<String> hostHeader = Optional.ofNullable(request.getHeader(HttpHeaders.HOST))
                .filter(host -> !host.isBlank());
        Optional<Authority> host = hostHeader.flatMap(Authority::parse);
        // A request without Host (HTTP/1.0, some health checks) passes: no name could have been rebound, and no browser
        // omits it. If it has an Origin anyway, nothing matches it below. Health probes may use any address; a page
        // learns only UP or DOWN from them.
        TrustedProxies.Target target = proxies.target(request);
        boolean known = host.map(this::isKnown).orElse(false) && target.host().map(this::isKnown).orElse(false);
        if (hostHeader.isPresent() && !known && !isHealthProbe(request)) {
            ProblemJson.send(response, ProblemType.MISDIRECTED,
                    "Call this node by localhost or by its advertised address,"
                    + " or add the host to chordshare.security.allowed-hosts.");
        } else if (needsOwnOrigin(request) && isForeign(request, target)) {
            ProblemJson.send(response, ProblemType.FOREIGN_ORIGIN, "Send the request from this node's own pages,"
                    + " or without a browser: a page of another site or port may not change anything.");
        } else {
            chain.doFilter(request, response);
        }
    }

    private boolean isKnown(Authority authority) {
        return authority.isLoopback() || allowedHosts.contains(authority.host())
                || advertisedAddress.get().flatMap(NodeAddress::find)
                        .map(advertised -> advertised.host().equals(authority.host()))
                        .orElse(false);
    }

    private boolean isHealthProbe(HttpServletRequest request) {
        return HEALTH_METHODS.contains(request.getMethod()) && healthPath.matcher(request.getRequestURI()).matches();
    }

    private static boolean needsOwnOrigin(HttpServletRequest request) {
        // A preflight asks whether the page may send something unsafe. It is answered here, as problem details
        boolean preflight = request.getMethod().equals("OPTIONS")
                && request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD) != null;
        return preflight || !SAFE_METHODS.contains(request.getMethod());
    }

    private static boolean isForeign(HttpServletRequest request, TrustedProxies.Target target) {
        if ("cross-site".equalsIgnoreCase(request.getHeader(SEC_FETCH_SITE))) {
            return true;
        }
        return Collections.list(request.getHeaders(HttpHeaders.ORIGIN)).stream()
                .anyMatch(origin -> !target.host().map(own -> own.isOrigin(origin, target.scheme())).orElse(false));
    }
}
