<?php

// Requires PHP (ext-curl) 8.1 or later

// Each region has its own API keys. To get one, see
// https://www.alibabacloud.com/help/model-studio/get-api-key
// If DASHSCOPE_API_KEY is not set, replace the next line with: $apiKey = 'sk-xxx';
$apiKey = getenv('DASHSCOPE_API_KEY');
if (!$apiKey) {
    fwrite(STDERR, 'Set the environment variable DASHSCOPE_API_KEY.' . PHP_EOL);
    exit(1);
}

// URLs of other regions:
//   China (Beijing): https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
// URL for Singapore:
$url = 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions';
$body = [
    // To use another model, change its name below. For a list of models, see
    // https://www.alibabacloud.com/help/model-studio/getting-started/models
    'model' => 'qwen-plus',
    'messages' => [
        ['role' => 'user', 'content' => 'Which is larger, 9.9 or 9.11?'],
    ],
    'enable_thinking' => true,
    'stream' => true,
];

$buffer = '';
$finished = false;
$reasons = false;
$receive = function (CurlHandle $curl, string $data) use (&$buffer, &$finished, &$reasons): int {
    $buffer .= $data;
    if (curl_getinfo($curl, CURLINFO_RESPONSE_CODE) !== 200) {
        return strlen($data);
    }
    $lines = explode("\n", $buffer);
    $buffer = array_pop($lines);
    foreach ($lines as $line) {
        if (!str_starts_with($line, 'data:')) {
            continue;
        }
        $event = trim(substr($line, strlen('data:')));
        if ($event === '[DONE]') {
            $finished = true;
            continue;
        }
        $chunk = json_decode($event, flags: JSON_THROW_ON_ERROR);
        if (isset($chunk->error)) {
            fwrite(STDERR, $event . PHP_EOL);
            exit(1);
        }
        foreach ($chunk->choices as $choice) {
            $delta = $choice->delta;
            $reasoning = $delta->reasoning_content ?? '';
            if ($reasoning !== '') {
                if (!$reasons) {
                    echo "Reasoning:\n";
                    $reasons = true;
                }
                echo $reasoning;
            }
            $text = $delta->content ?? '';
            if ($text !== '') {
                if ($reasons) {
                    echo "\n\nAnswer:\n";
                    $reasons = false;
                }
                echo $text;
            }
            if (isset($choice->finish_reason)) {
                $finished = true;
            }
        }
    }
    return strlen($data);
};
$curl = curl_init($url);
curl_setopt_array($curl, [
    CURLOPT_HTTPHEADER => [
        'Authorization: Bearer ' . $apiKey,
        'Content-Type: application/json',
    ],
    CURLOPT_POSTFIELDS => json_encode($body, JSON_THROW_ON_ERROR),
    CURLOPT_WRITEFUNCTION => $receive,
]);
if (curl_exec($curl) === false) {
    fwrite(STDERR, curl_error($curl) . PHP_EOL);
    exit(1);
}
$status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
if ($status !== 200) {
    fwrite(STDERR, "HTTP $status: $buffer" . PHP_EOL);
    exit(1);
}
if (!$finished) {
    fwrite(STDERR, 'The stream ended early.' . PHP_EOL);
    exit(1);
}
echo PHP_EOL;
