package samplegen;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * Runs the Main of each folder of classes, from a loader of its own: an archive of what was loaded
 * takes no folder on the class path.
 */
class Rehearsal {
    public static void main(String[] args) throws Exception {
        for (String classes : args) {
            URL[] folder = {Path.of(classes).toUri().toURL()};
            Class<?> program = new URLClassLoader(folder).loadClass("Main");
            Method main = program.getMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[0]);
        }
        // Threads of an SDK may linger.
        System.exit(0);
    }
}
