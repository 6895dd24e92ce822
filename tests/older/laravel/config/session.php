<?php // The starter's session.php in full, for Laravel 8.

return [
    'driver' => env('SESSION_DRIVER', 'cookie'),
    'lifetime' => 120,
    'expire_on_close' => false,
    'encrypt' => false,
    'lottery' => [2, 100],
    'cookie' => 'session',
    'path' => '/',
    'domain' => null,
    'secure' => env('APP_ENV', 'production') === 'production',
    'http_only' => true,
    'same_site' => 'lax',
];
