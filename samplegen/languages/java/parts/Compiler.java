package samplegen;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Does what the command javac does, on request: each line of standard input is a command, and each
 * line of standard output tells how one ended. Ends with standard input.
 */
class Compiler {
    private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();
    private static final PrintStream ANSWERS = System.out;

    public static void main(String[] args) throws Exception {
        System.setOut(System.err);
        ExecutorService work = Executors.newCachedThreadPool();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Map<?, ?> request = (Map<?, ?>) Json.read(line);
            work.execute(() -> answer(request, work));
        }
        System.exit(0);
    }

    private static void answer(Map<?, ?> request, ExecutorService work) {
        Future<Integer> compiling = work.submit(() -> compile(request));
        Integer exit = null;
        try {
            double seconds = (Double) request.get("seconds");
            exit = compiling.get((long) (seconds * 1000), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | InterruptedException late) {
            compiling.cancel(true);
        } catch (ExecutionException broken) {
            broken.printStackTrace();
            exit = 4; // as javac does when it fails itself
        }
        long id = ((Double) request.get("id")).longValue();
        synchronized (ANSWERS) {
            ANSWERS.println("{\"id\": " + id + ", \"exit\": " + exit + "}");
            ANSWERS.flush();
        }
    }

    private static int compile(Map<?, ?> request) throws Exception {
        // The first is the path of javac, and -J is for the Java that would run it.
        String[] options =
                ((List<?>) request.get("arguments"))
                        .stream()
                                .skip(1)
                                .map(String.class::cast)
                                .filter(option -> !option.startsWith("-J"))
                                .toArray(String[]::new);
        try (OutputStream stdout = open(request.get("stdout"));
                OutputStream stderr = open(request.get("stderr"))) {
            return JAVAC.run(null, stdout, stderr, options);
        }
    }

    private static OutputStream open(Object path) throws Exception {
        return Files.newOutputStream(Path.of((String) path), StandardOpenOption.WRITE);
    }
}
