// Asks an address once and tells by its exit code whether the answer was a success: the image holds no other program
// that could.
import java.net.HttpURLConnection;
import java.net.URI;

class HealthCheck {
    public static void main(String[] words) throws Exception {
        var connection = (HttpURLConnection) URI.create(words[0]).toURL().openConnection();
        connection.setConnectTimeout(2000);
        connection.setReadTimeout(2000);
        System.exit(connection.getResponseCode() < 400 ? 0 : 1);
    }
}
