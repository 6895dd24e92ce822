// The application: one page. Its health check comes from Spring Boot's actuator.
package application;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Application {

    public static void main(String[] words) {
        SpringApplication.run(Application.class, words);
    }

    /** The page that visitors see. */
    @GetMapping(path = "/", produces = "text/html;charset=UTF-8")
    String page() {
        return "<!doctype html><title>It runs</title><h1>It runs.</h1>";
    }
}
