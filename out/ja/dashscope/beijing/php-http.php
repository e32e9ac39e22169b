<?php

// PHP (ext-curl) 8.1 以降が必要です

// API キーはリージョンごとに異なります。取得方法については、次のページを参照してください:
// https://www.alibabacloud.com/help/model-studio/get-api-key
// 環境変数 DASHSCOPE_API_KEY を設定していない場合は、次の行を以下のコードに置き換えてください: $apiKey = 'sk-xxx';
$apiKey = getenv('DASHSCOPE_API_KEY');
if (!$apiKey) {
    fwrite(STDERR, 'Set the environment variable DASHSCOPE_API_KEY.' . PHP_EOL);
    exit(1);
}

// ほかのリージョンの URL:
//   シンガポール: https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation
// 使用する URL (中国 (北京)):
$url = 'https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation';
$body = [
    // 別のモデルを使用する場合は、下のモデル名を変更してください。モデルの一覧については、次のページを参照してください:
    // https://www.alibabacloud.com/help/model-studio/getting-started/models
    'model' => 'qwen-plus',
    'input' => [
        'messages' => [
            ['role' => 'system', 'content' => 'You are a helpful assistant.'],
            ['role' => 'user', 'content' => 'Who are you?'],
        ],
    ],
    'parameters' => ['result_format' => 'message'],
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
echo $answer, PHP_EOL;
