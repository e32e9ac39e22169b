package samplegen;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a JSON text, which Java has no reader for; what it is given is well-formed. */
class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static Object read(String text) {
        return new Json(text).value();
    }

    private Object value() {
        switch (peek()) {
            case '{':
                Map<String, Object> object = new LinkedHashMap<>();
                while (more('}')) {
                    String key = string();
                    peek();
                    at++; // the colon
                    object.put(key, value());
                }
                return object;
            case '[':
                List<Object> list = new ArrayList<>();
                while (more(']')) {
                    list.add(value());
                }
                return list;
            case '"':
                return string();
            default:
                return word();
        }
    }

    /** Passes what opens, separates or closes; false when it closed. */
    private boolean more(char closing) {
        peek();
        char found = text.charAt(at++);
        if (found != closing && peek() == closing) {
            found = text.charAt(at++);
        }
        return found != closing;
    }

    private char peek() {
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return text.charAt(at);
    }

    private Object word() {
        int start = at;
        while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "null" -> null;
            case "true", "false" -> Boolean.valueOf(word);
            default -> Double.valueOf(word);
        };
    }

    private String string() {
        peek();
        StringBuilder string = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            char found = text.charAt(at);
            if (found != '\\') {
                string.append(found);
                continue;
            }
            found = text.charAt(++at);
            if (found == 'u') {
                string.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
                at += 4;
            } else {
                int named = "nrtbf".indexOf(found);
                string.append(named < 0 ? found : "\n\r\t\b\f".charAt(named));
            }
        }
        at++;
        return string.toString();
    }
}
