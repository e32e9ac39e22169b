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
        ['role' => 'system', 'content' => 'You are a helpful assistant.'],
        ['role' => 'user', 'content' => 'Recommend a novel about the sea.'],
    ],
];

function ask(string $url, string $apiKey, array $body): object
{
    $curl = curl_init($url);
    curl_setopt_array($curl, [
        CURLOPT_HTTPHEADER => [
            'Authorization: Bearer ' . $apiKey,
            'Content-Type: application/json',
        ],
        CURLOPT_POSTFIELDS => json_encode($body, JSON_THROW_ON_ERROR),
        CURLOPT_RETURNTRANSFER => true,
    ]);
    $answer = curl_exec($curl);
    if ($answer === false) {
        fwrite(STDERR, curl_error($curl) . PHP_EOL);
        exit(1);
    }
    $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    if ($status !== 200) {
        fwrite(STDERR, "HTTP $status: $answer" . PHP_EOL);
        exit(1);
    }
    return json_decode($answer, flags: JSON_THROW_ON_ERROR)->choices[0]->message;
}

$message = ask($url, $apiKey, $body);
echo $message->content, PHP_EOL;
$body['messages'][] = ['role' => 'assistant', 'content' => $message->content];
$body['messages'][] = ['role' => 'user', 'content' => 'Who wrote it?'];
$message = ask($url, $apiKey, $body);
echo $message->content, PHP_EOL;
