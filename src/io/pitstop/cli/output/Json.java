package io.pitstop.cli.output;

import com.fasterxml.jackson.annotation.JsonIgnoreType;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.pitstop.config.AsWritten;
import io.pitstop.config.Limit;
import io.pitstop.config.Quantity;
import io.pitstop.config.SmokeConfig;
import io.pitstop.config.Webhook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** How our records look as JSON: as they are written in pitstop.yml. */
public final class Json {
    private Json() {}

    public static ObjectMapper mapper() {
        SimpleModule ours = new SimpleModule()
                .addSerializer(Limit.class, ToStringSerializer.instance)
                .addSerializer(Webhook.class, ToStringSerializer.instance)
                .addSerializer(Path.class, ToStringSerializer.instance)
                .addSerializer(Enum.class, new ChoiceText())
                .addSerializer(Duration.class, new DurationText());
        return new ObjectMapper()
                .registerModule(new JavaTimeModule())
                .registerModule(new Jdk8Module())
                .registerModule(ours)
                .addMixIn(AsWritten.class, Hidden.class)
                .addMixIn(SmokeConfig.Load.class, LoadKeys.class)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
    }

    public static JsonNode tree(Object value) {
        return mapper().valueToTree(value);
    }

    /** It says how to show the others. */
    @JsonIgnoreType
    private interface Hidden {}

    private interface LoadKeys {
        /** The key in the file is a word that Java has taken. */
        @JsonProperty("for")
        Duration time();
    }

    @SuppressWarnings("rawtypes")
    private static final class ChoiceText extends JsonSerializer<Enum> {
        @Override
        public void serialize(Enum value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(value.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    private static final class DurationText extends JsonSerializer<Duration> {
        @Override
        public void serialize(Duration value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(Quantity.text(value));
        }
    }
}
