"""What a program's messages are, followed through all that it does to them, or not known.

Each case says what was sent when it ran; `?` is for what is not to be known. A guess that is
wrong is worse than none.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from samplegen.errors import InputError
from samplegen.model.catalog import builtin
from samplegen.sources.program import of_program

pytest.importorskip("tree_sitter")

FOLDER = Path(__file__).with_name("values")
COMPATIBLE = "https://dashscope.aliyuncs.com/compatible-mode/v1"

# What stands around the cases of a language; the last line asks, where a case does not.
AROUND = {
    "python": f"""\
import os, json, sys
from openai import OpenAI
client = OpenAI(api_key=os.getenv("DASHSCOPE_API_KEY"), base_url="{COMPATIBLE}")
@
client.chat.completions.create(model="qwen-plus", messages=messages)
""",
    "nodejs": f"""\
import OpenAI from "openai";
const client = new OpenAI({{ apiKey: process.env.DASHSCOPE_API_KEY, baseURL: "{COMPATIBLE}" }});
@
await client.chat.completions.create({{ model: "qwen-plus", messages }});
""",
    "go": f"""\
package main
import (
	"context"; "fmt"; "os"
	"github.com/openai/openai-go/v3"; "github.com/openai/openai-go/v3/option"
)
func main() {{
	client := openai.NewClient(option.WithAPIKey(os.Getenv("DASHSCOPE_API_KEY")),
		option.WithBaseURL("{COMPATIBLE}"))
	@
	chat, err := client.Chat.Completions.New(context.TODO(), openai.ChatCompletionNewParams{{
		Model: "qwen-plus", Messages: messages}})
	fmt.Println(chat, err)
}}
""",
    "php": f"""\
<?php
@
$ch = curl_init("{COMPATIBLE}/chat/completions");
curl_setopt($ch, CURLOPT_POST, true);
curl_setopt($ch, CURLOPT_HTTPHEADER, ["Authorization: Bearer " . getenv("DASHSCOPE_API_KEY")]);
$body = ["model" => "qwen-plus", "messages" => $messages];
curl_setopt($ch, CURLOPT_POSTFIELDS, json_encode($body));
echo curl_exec($ch);
""",
    "java": """\
import java.util.*;
import com.alibaba.dashscope.aigc.generation.*;
import com.alibaba.dashscope.common.*;
public class Main {
  public static void main(String[] args) throws Exception {
    Generation gen = new Generation("http", "https://dashscope.aliyuncs.com/api/v1");
    @
    System.out.println(gen.call(GenerationParam.builder().apiKey(System.getenv("DASHSCOPE_API_KEY"))
      .model("qwen-plus").messages(messages).resultFormat("message").build()));
  }
}
""",
    "csharp": f"""\
using System.Net.Http.Headers; using System.Text; using System.Text.Json;
var client = new HttpClient();
var key = Environment.GetEnvironmentVariable("DASHSCOPE_API_KEY");
client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
@
var body = new {{ model = "qwen-plus", messages }};
var r = await client.PostAsync("{COMPATIBLE}/chat/completions",
    new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"));
""",
}

CASES = {
    f"{file.stem}: {name}": (file.stem, code, said)
    for file in sorted(FOLDER.glob("*.txt"))
    for name, said, code in re.findall(
        r"^== (.+?) => (.+)\n((?:(?!== ).*\n)*)", file.read_text(encoding="utf-8"), re.MULTILINE
    )
}


@pytest.mark.parametrize("name", CASES)
def test_messages_are_what_is_sent_or_not_known(name: str) -> None:
    language, code, said = CASES[name]
    around = AROUND[language]
    if "create(" in code:
        around = around.partition("@")[0] + "@"
    program = around.replace("@", code)
    if said == "?":
        with pytest.raises(InputError, match=r"only known when it runs|a string is expected"):
            of_program(language, program, "", builtin())
        return
    call, _ = of_program(language, program, "", builtin())
    assert call.as_json()["messages"] == json.loads(said)


def test_each_language_has_cases_of_both_kinds() -> None:
    for language in AROUND:
        assert {said == "?" for id, _, said in CASES.values() if id == language} == {True, False}
