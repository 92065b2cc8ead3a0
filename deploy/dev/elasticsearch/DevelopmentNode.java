import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/** One Elasticsearch node on the loopback for tests. Arguments are settings: {@code http.port=9200}. */
public final class DevelopmentNode {
    public static void main(String[] arguments) throws Exception {
        LogConfigurator.registerErrorListener();
        Environment environment = environment(arguments);
        LogConfigurator.configure(environment, true);
        Node node = new Node(environment, plugins(environment));
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node, stopped)));
        node.start();
        stopped.await();
    }

    private static Environment environment(String[] arguments) {
        Settings.Builder settings = Settings.builder()
            .put("cluster.name", "lamppost-dev")
            .put("node.name", "dev")
            .put("network.host", "127.0.0.1")
            .put("discovery.type", "single-node")
            .put("cluster.routing.allocation.disk.threshold_enabled", false);
        for (String argument : arguments) {
            String[] pair = argument.split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        Settings all = settings.build();
        return new Environment(all, Path.of(all.get("path.home"), "config"));
    }

    private static PluginsLoader plugins(Environment environment) {
        // The last argument says: no module layers, everything else is on a plain class path.
        return PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir()),
            PluginsLoader.loadPluginsBundles(environment.pluginsDir()),
            Map.of(),
            false
        );
    }

    private static void close(Node node, CountDownLatch stopped) {
        try {
            node.close();
        } catch (java.io.IOException error) {
            error.printStackTrace();
        } finally {
            stopped.countDown();
        }
    }
}
