<?php // What newer versions of Laravel know without a file.

return ['paths' => [resource_path('views')], 'compiled' => realpath(storage_path('framework/views'))];
