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
//   China (Beijing): https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
// URL for Singapore:
$url = 'https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation';
$body = [
    // To use another model, change its name below. For a list of models, see
    // https://www.alibabacloud.com/help/model-studio/getting-started/models
    'model' => 'qwen-plus',
    'input' => [
        'messages' => [
            ['role' => 'user', 'content' => 'What is the weather in Hangzhou tomorrow?'],
        ],
    ],
    'parameters' => [
        'result_format' => 'message',
        'enable_search' => true,
        'search_options' => ['forced_search' => true],
    ],
];

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
$message = json_decode($answer, flags: JSON_THROW_ON_ERROR)->output->choices[0]->message;
echo $message->content, PHP_EOL;
