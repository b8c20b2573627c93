package io.chordshare.console;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Serves the console's page and its resources, from the jar only. A strict policy prevents that anything else runs in
 * it, whatever a file name or a peer's response contains.
 */
@Configuration(proxyBeanMethods = false)
class ConsolePages implements WebMvcConfigurer {

    /**
     * Scripts, styles and connections of this node only. No inline script or style, no eval, no frames. Text never
     * becomes markup: the browser stops a script that writes HTML (Trusted Types). The only policy creates the address
     * of PDF.js's worker.
     */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
            + " font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'none';"
            + " base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types chordshare";

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        // Revalidated each time, answered with 304: after an upgrade the browser never mixes two versions of the
        // console
        registry.addResourceHandler("/console/**").addResourceLocations("classpath:/console/")
                .setCacheControl(CacheControl.noCache());
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new Policy()).addPathPatterns("/", "/console/**", "/webjars/**");
    }

    private static final class Policy implements HandlerInterceptor {

        @Override
        public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
            response.setHeader("Content-Security-Policy", POLICY);
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.setHeader("Referrer-Policy", "no-referrer");
            response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
            response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
            return true;
        }
    }

    @Bean
    EventLog eventLog() {
        return new EventLog();
    }

    /** The page at {@code /}. */
    @Hidden
    @Controller
    static class Page {

        private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

        private final Resource page = new ClassPathResource("console/index.html");

        @GetMapping("/")
        ResponseEntity<Resource> page() {
            return ResponseEntity.ok().contentType(HTML).cacheControl(CacheControl.noCache()).body(page);
        }
    }
}
